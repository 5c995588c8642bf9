"""The archive as tools for assistants that speak the Model Context Protocol.

Every tool asks the HTTP API, as whoever called it: under the same key, with the same rules about what is shown.
Over HTTP that is the application of the same process (`http`); over standard input and output it is the service that
owns the home, or one inside the process (`stdio`). The official SDK is the extra `searchsvc[mcp]`.
"""
