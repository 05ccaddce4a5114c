<?php

return [
    'default' => 'test',
    'deprecations' => ['channel' => 'null', 'trace' => false],
    'channels' => [
        'test' => ['driver' => 'monolog', 'handler' => Monolog\Handler\TestHandler::class],
        'understudy' => ['driver' => 'monolog', 'handler' => Monolog\Handler\TestHandler::class],
        'null' => ['driver' => 'monolog', 'handler' => Monolog\Handler\NullHandler::class],
    ],
];
