"""Simulated organisations: programs of municipalities and others that hold claims, each on its own TLS port."""

from simulators.organisations.behaviour import Behaviour
from simulators.organisations.simulation import Simulation, start

__all__ = ["Behaviour", "Simulation", "start"]
