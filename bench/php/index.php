<?php

/** The front controller of the benchmark's application, as php-fpm would run it: a kernel a request. */

declare(strict_types=1);

use Symfony\Component\HttpFoundation\Request;
use Understudy\Bench\Kernel;

$startedAt = hrtime(true);
require __DIR__ . '/autoload.php';
$kernel = new Kernel((string) getenv('UNDERSTUDY_BENCH_KERNEL'), false);
$request = Request::createFromGlobals();
$response = $kernel->handle($request);
$response->headers->set('x-microseconds', (string) intdiv(hrtime(true) - $startedAt, 1000));
$response->send();
$kernel->terminate($request, $response);
