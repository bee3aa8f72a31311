"""Real servers on loopback that tests start and stop. Debian's packages, throwaway configuration, free ports."""
