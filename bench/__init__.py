"""The measured claims of Coppice, each one command: `./run bench NAME`."""
