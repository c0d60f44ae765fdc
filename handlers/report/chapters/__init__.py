"""The chapters of the annual report, in the order the statutory guidance lists what it must hold."""
