<?php

declare(strict_types=1);

namespace Understudy\Client;

/**
 * A value with its version, for a change that must not overwrite another: give `etag` as `$ifMatch`.
 *
 * @template-covariant T
 */
final class Versioned
{
    /** @param T $value */
    public function __construct(
        public readonly mixed $value,
        public readonly string $etag,
    ) {
    }
}
