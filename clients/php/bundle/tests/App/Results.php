<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests\App;

use Understudy\Client\Understudy;
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

    /** The next results make the handler ask Understudy itself, as an application's may. */
    public bool $asks = false;

    public function __construct(private readonly ?Understudy $understudy = null)
    {
    }

    public function __invoke(DecisionMade|DecisionReviewed|EventReceived $result): void
    {
        if ($this->failure !== null) {
            $failure = $this->failure;
            $this->failure = null;
            throw $failure;
        }
        if ($this->asks && $this->understudy !== null) {
            $this->understudy->predict('sentiment', 'a text of a user');
        }
        $this->told[] = $result;
    }
}
