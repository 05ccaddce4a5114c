<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Illuminate\Contracts\Queue\ShouldQueue;
use Understudy\Laravel\Events\DecisionMade;

/** A listener of an application that has a job of its own. */
final class QueuedListener implements ShouldQueue
{
    /** @var list<string> */
    public static array $heard = [];

    public function handle(DecisionMade $made): void
    {
        self::$heard[] = $made->externalId . ' ' . $made->decision()->label;
    }
}
