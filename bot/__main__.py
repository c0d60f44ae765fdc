"""`python -m bot` is the same as `iro-bot`."""

from bot.cli import main

if __name__ == "__main__":
    main()
