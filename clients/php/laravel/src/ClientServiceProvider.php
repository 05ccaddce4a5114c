<?php

declare(strict_types=1);

namespace Understudy\Laravel;

use Illuminate\Contracts\Container\Container;
use Illuminate\Contracts\Support\DeferrableProvider;
use Illuminate\Support\ServiceProvider;
use Understudy\Client\Understudy;

/** Binds the clients. Deferred: a request that decides nothing loads nothing of it. */
final class ClientServiceProvider extends ServiceProvider implements DeferrableProvider
{
    public function register(): void
    {
        $this->app->singleton(ConnectionFactory::class, static fn (Container $app): ConnectionFactory => new ConnectionFactory($app));
        $this->app->singleton(Connections::class);
        // Not shared: Connections keeps the clients, so that a fake is found however late it comes.
        $this->app->bind(Understudy::class, static fn (Container $app): Understudy => $app->make(Connections::class)->connection());
    }

    /** @return list<string> */
    public function provides(): array
    {
        return [Understudy::class, Connections::class, ConnectionFactory::class];
    }
}
