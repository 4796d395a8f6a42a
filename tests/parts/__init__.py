"""Real parts for the tests: Redis, PostgreSQL, Chromium, Node.js.

Each is taken from its variable (TEST_REDIS_URL, TEST_DATABASE_URL, CHROMIUM, NODE), else from PATH, else from
a package of requirements-dev.txt. They work outside pytest too:

    with PostgreSQL() as server:
        url = server.create_database("bench")
"""
