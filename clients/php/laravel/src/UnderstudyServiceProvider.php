<?php

declare(strict_types=1);

namespace Understudy\Laravel;

use Illuminate\Foundation\Application;
use Illuminate\Support\ServiceProvider;

/** Configuration, commands, messages, and the webhook's route. */
final class UnderstudyServiceProvider extends ServiceProvider
{
    public function register(): void
    {
        $this->mergeConfigFrom(\dirname(__DIR__) . '/config/understudy.php', 'understudy');
        $this->app->bind(Http\WebhookIntake::class, static fn ($app): Http\WebhookIntake => Http\WebhookIntake::configured($app));
    }

    public function boot(): void
    {
        $root = \dirname(__DIR__);
        $this->loadTranslationsFrom($root . '/lang', 'understudy');
        $webhook = $this->app->make('config')->get('understudy.webhook');
        if (($webhook['path'] ?? null) !== null && ($webhook['secrets'] ?? []) !== []) {
            $this->loadRoutesFrom($root . '/routes/webhook.php');
        }
        \assert($this->app instanceof Application);
        if (!$this->app->runningInConsole()) {
            return;
        }
        $this->publishes([$root . '/config/understudy.php' => $this->app->configPath('understudy.php')], 'understudy-config');
        $this->publishes([$root . '/lang' => $this->app->langPath() . '/vendor/understudy'], 'understudy-lang');
        $this->commands([
            Console\PingCommand::class,
            Console\TasksCommand::class,
            Console\PredictCommand::class,
            Console\ImportCommand::class,
            Console\ExportCommand::class,
            Console\WebhookVerifyCommand::class,
        ]);
    }
}
