<?php

declare(strict_types=1);

namespace Understudy\Client;

/**
 * A change of a job or a training run that is followed.
 *
 * @template-covariant T
 */
final class FollowedEvent
{
    /**
     * @param string $id    to take up again behind it
     * @param string $event `progress`, or how it ended
     * @param T      $state
     */
    public function __construct(
        public readonly string $id,
        public readonly string $event,
        public readonly mixed $state,
    ) {
    }
}
