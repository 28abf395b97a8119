"""Invented demo data. Like wiring it sees every feature, and like wiring nothing may import it but wiring."""
