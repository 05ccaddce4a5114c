<?php

return [
    'default' => 'default',
    'connections' => [
        'default' => [
            'base_uri' => 'http://understudy.test:8080',
            'api_key' => 'us_a_key_that_nobody_may_see_0123456789',
            'timeout' => 0.4,
            'total_timeout' => 0.8,
            'max_retries' => 1,
        ],
        'night' => ['base_uri' => 'http://night.test', 'api_key' => 'us_night_key', 'timeout' => 30.0, 'total_timeout' => 120.0, 'fallback' => 'throw', 'dashboard_url' => 'https://board.test/'],
    ],
    'webhook' => ['path' => 'understudy/webhook', 'secrets' => ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']],
];
