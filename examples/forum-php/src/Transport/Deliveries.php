<?php

declare(strict_types=1);

namespace App\Transport;

final class Deliveries
{
    public function __construct(private readonly MessengerDelivery $messenger, private readonly JobDelivery $jobs)
    {
    }

    public function choose(string $name): Delivery
    {
        return match ($name) {
            'messenger' => $this->messenger,
            'webhooks' => $this->jobs,
            default => throw new \InvalidArgumentException(sprintf('FORUM_DELIVERY is messenger or webhooks, not "%s".', $name)),
        };
    }
}
