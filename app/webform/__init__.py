"""The observer's phone in the courtroom and the coordinator's page that enrols it: files for a browser, and nothing behind them."""
