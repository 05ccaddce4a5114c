<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Client;

use Understudy\Client\CallRecord;
use Understudy\Client\Observer;

/** An observer that wants to know whose call it was. */
interface ClientObserver extends Observer
{
    /** @param string $client its name in the configuration */
    public function observedOf(string $client, CallRecord $call): void;
}
