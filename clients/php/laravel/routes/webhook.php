<?php

declare(strict_types=1);

use Illuminate\Contracts\Config\Repository;
use Illuminate\Support\Facades\Route;
use Understudy\Laravel\Http\VerifyUnderstudyWebhook;
use Understudy\Laravel\Http\WebhookController;

$webhook = app(Repository::class)->get('understudy.webhook');

Route::post($webhook['path'], WebhookController::class)
    ->middleware([...($webhook['middleware'] ?? []), VerifyUnderstudyWebhook::class])
    ->name('understudy.webhook');
