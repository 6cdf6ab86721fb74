"""Pages and changes of programs, people, roster imports, staff, history and mail."""
