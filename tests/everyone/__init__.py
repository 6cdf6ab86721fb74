"""Every page as everybody may meet it; a package, so that its fixtures end before the next folder begins."""
