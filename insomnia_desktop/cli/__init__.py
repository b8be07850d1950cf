"""The command line: a thin face over the services, for scripts, servers and CI."""
