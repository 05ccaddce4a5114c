<?php

declare(strict_types=1);

// The front controller of the test application, for PHP's own web server. What it is told goes to the file LIVE_TOLD.

use Illuminate\Contracts\Http\Kernel;
use Illuminate\Foundation\Bootstrap\LoadConfiguration;
use Illuminate\Http\Request;
use Understudy\Laravel\Events\DecisionMade;
use Understudy\Laravel\Tests\TestApplication;

require __DIR__ . '/../bootstrap.php';

$app = TestApplication::create();
$app->afterBootstrapping(LoadConfiguration::class, static function ($app): void {
    $app->make('config')->set('understudy.webhook.secrets', array_filter([trim((string) @file_get_contents(getenv('LIVE_TOLD') . '.secret'))]));
});
$app->booted(static function ($app): void {
    $app->make('events')->listen(DecisionMade::class, static function (DecisionMade $made): void {
        file_put_contents((string) getenv('LIVE_TOLD'), "$made->origin $made->externalId {$made->decision()->id}\n", \FILE_APPEND);
    });
});
$kernel = $app->make(Kernel::class);
$response = $kernel->handle($request = Request::capture());
$response->send();
$kernel->terminate($request, $response);
