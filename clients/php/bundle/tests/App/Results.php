<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests\App;

use Understudy\SymfonyBundle\Messenger\DecisionMade;
use Understudy\SymfonyBundle\Messenger\DecisionReviewed;
use Understudy\SymfonyBundle\Messenger\EventReceived;

/** What the application was told. */
final class Results
{
    /** @var list<object> */
    public array $told = [];

    /** Thrown by the next result, once. */
    public ?\Throwable $failure = null;

    public function __invoke(DecisionMade|DecisionReviewed|EventReceived $result): void
    {
        if ($this->failure !== null) {
            $failure = $this->failure;
            $this->failure = null;
            throw $failure;
        }
        $this->told[] = $result;
    }
}
