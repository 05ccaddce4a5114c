<?php

declare(strict_types=1);

namespace Understudy\Bench;

use Understudy\SymfonyBundle\Messenger\DecisionMade;

/** The application's handler of results: counts them. */
final class Results
{
    public int $count = 0;

    public function __invoke(DecisionMade $made): void
    {
        if ($made->failure !== null) {
            throw new \LogicException($made->failure);
        }
        ++$this->count;
    }
}
