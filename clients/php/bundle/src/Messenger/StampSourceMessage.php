<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Messenger;

use Symfony\Component\Messenger\Bridge\Amqp\Transport\AmqpStamp;
use Symfony\Component\Messenger\Event\SendMessageToTransportsEvent;

/** Gives work for a source the AMQP properties that Understudy knows it by, whoever dispatches it. */
final class StampSourceMessage
{
    public function onSend(SendMessageToTransportsEvent $event): void
    {
        $envelope = $event->getEnvelope();
        $message = $envelope->getMessage();
        if (!$message instanceof PublishToSource || !class_exists(AmqpStamp::class) || !\extension_loaded('amqp')) {
            return;
        }
        $attributes = array_filter([
            'message_id' => $message->messageId,
            'correlation_id' => $message->correlationId,
            'reply_to' => $message->replyTo,
            'content_type' => 'application/json',
            'delivery_mode' => 2,
        ], static fn (mixed $value): bool => $value !== null);
        $given = $envelope->last(AmqpStamp::class);
        $event->setEnvelope($envelope->withoutAll(AmqpStamp::class)->with(AmqpStamp::createWithAttributes($attributes, $given instanceof AmqpStamp ? $given : null)));
    }
}
