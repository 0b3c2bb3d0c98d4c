"""How the command line says what was done: tables for people, JSON for programs."""
