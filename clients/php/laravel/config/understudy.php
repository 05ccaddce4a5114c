<?php

return [
    // The connection that is meant when none is named: `Understudy` as a type, and the facade.
    'default' => env('UNDERSTUDY_CONNECTION', 'default'),

    'connections' => [
        'default' => [
            // Where Understudy is, http://… or https://….
            'base_uri' => env('UNDERSTUDY_URL', 'http://127.0.0.1:8080'),
            // us_…
            'api_key' => env('UNDERSTUDY_API_KEY'),
            // Seconds that one attempt may take.
            'timeout' => 2.0,
            // Seconds that a call may take with all repeats and waits.
            'total_timeout' => 5.0,
            // Repeats after the first attempt. They honour Retry-After.
            'max_retries' => 2,
            // Of predictions that cannot be answered. review: a decision that a person has to make; throw: an exception.
            'fallback' => 'review',
            // Requests that predictMany() has on the wire at once.
            'concurrency' => 4,
            // Failures in a row that open the breaker (0: no breaker), seconds that it stays open, and the name of the
            // cache store that keeps its state. Null: APCu where it is to be had, else each process for itself.
            'breaker' => ['threshold' => 5, 'cooldown' => 10.0, 'store' => null],
            // Service in the container: of symfony/http-client, or any PSR-18 client. Null: symfony/http-client's choice.
            'http_client' => null,
            // Where links to decisions lead; base_uri when null.
            'dashboard_url' => null,
        ],
    ],

    // Channel of config/logging.php; the default one when null. Never a key, a text or a body is logged.
    'log_channel' => env('UNDERSTUDY_LOG_CHANNEL'),

    'webhook' => [
        // POST route of this path, when there is a secret. Null: no route; put the middleware on your own.
        'path' => 'understudy/webhook',
        // whsec_…; two, parted by a comma, while you change over from one to the next.
        'secrets' => array_values(array_filter(explode(',', (string) env('UNDERSTUDY_WEBHOOK_SECRET', '')))),
        // Seconds that the time of sending may lie from now.
        'tolerance' => 300,
        // Cache store that remembers the ids of events; the default one when null. Use one that all hosts share.
        'store' => null,
        // Seconds that ids are remembered. Deliveries are repeated for three days.
        'remember' => 345600,
        // Further middleware of the route.
        'middleware' => [],
    ],
];
