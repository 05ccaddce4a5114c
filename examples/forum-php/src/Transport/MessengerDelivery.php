<?php

declare(strict_types=1);

namespace App\Transport;

use App\Entity\Comment;
use Symfony\Component\Messenger\MessageBusInterface;
use Understudy\SymfonyBundle\Messenger\DecideMessage;

/** Over the forum's own transport (RabbitMQ or its database). The worker asks Understudy, many comments in one request. */
final class MessengerDelivery implements Delivery
{
    public function __construct(private readonly MessageBusInterface $bus)
    {
    }

    public function send(Comment $comment): void
    {
        foreach ([self::MODERATION, self::SENTIMENT] as $task) {
            $this->bus->dispatch(new DecideMessage(
                $task,
                $comment->body,
                externalId: (string) $comment->id,
                subject: 'member-' . $comment->authorId,
                // The same when it is sent again: it is decided once.
                id: sprintf('comment-%d-%s', $comment->id, $task),
            ));
        }
    }
}
