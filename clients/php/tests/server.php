<?php

declare(strict_types=1);

/* What SymfonyTransportTest talks to; started by it with PHP's own server, with several workers. */

$path = (string) parse_url((string) $_SERVER['REQUEST_URI'], PHP_URL_PATH);
header('content-type: application/json');

if (str_starts_with($path, '/v1/predict/slow')) {
    sleep(3);
    echo '{"id":"dec_1","outcome":"review"}';
} elseif (str_starts_with($path, '/v1/predict/broken')) {
    http_response_code(500);
    echo '{"code":"internal_failure"}';
} else {
    http_response_code(404);
    echo '{"code":"not_found"}';
}
