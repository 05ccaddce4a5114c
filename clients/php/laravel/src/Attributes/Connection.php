<?php

declare(strict_types=1);

namespace Understudy\Laravel\Attributes;

use Illuminate\Contracts\Container\Container;
use Illuminate\Contracts\Container\ContextualAttribute;
use Understudy\Client\Understudy;
use Understudy\Laravel\Connections;

/**
 * Injects a connection by its name, in Laravel 11 and later; before, use a contextual binding.
 *
 *     public function __construct(#[Connection('night')] private readonly Understudy $understudy)
 */
#[\Attribute(\Attribute::TARGET_PARAMETER)]
final class Connection implements ContextualAttribute
{
    /** @param string|null $name null: the default one */
    public function __construct(public readonly ?string $name = null)
    {
    }

    /** Called by the container. */
    public static function resolve(self $attribute, Container $container): Understudy
    {
        return $container->make(Connections::class)->connection($attribute->name);
    }
}
