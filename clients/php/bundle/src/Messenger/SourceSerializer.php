<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Messenger;

use Symfony\Component\Messenger\Envelope;
use Symfony\Component\Messenger\Exception\MessageDecodingFailedException;
use Symfony\Component\Messenger\Stamp\RedeliveryStamp;
use Symfony\Component\Messenger\Transport\Serialization\SerializerInterface;

/**
 * What travels between the application and Understudy over a message system: work out, answers in. Plain JSON, as
 * Understudy's sources read and write it; nothing of PHP.
 */
final class SourceSerializer implements SerializerInterface
{
    private const RETRIES = 'x-understudy-retries';

    /** @return array{body: string, headers: array<string, string>} */
    public function encode(Envelope $envelope): array
    {
        $message = $envelope->getMessage();
        $headers = ['Content-Type' => 'application/json'];
        if ($message instanceof PublishToSource) {
            $body = $message->payload;
            if ($message->traceparent !== null) {
                $headers['traceparent'] = $message->traceparent;
            }
        } elseif ($message instanceof DecisionMade) {
            // Messenger puts a message that is to be repeated back where it came from.
            $body = ['external_id' => $message->externalId, 'correlation_id' => $message->correlationId, 'decision' => $message->data];
            $headers += ['ce_type' => 'decision.made', 'ce_id' => $message->eventId];
        } else {
            throw new \LogicException(sprintf('%s is neither work for a source nor its answer: route it to another transport.', $message::class));
        }
        $redelivery = $envelope->last(RedeliveryStamp::class);
        if ($redelivery instanceof RedeliveryStamp) {
            $headers[self::RETRIES] = (string) $redelivery->getRetryCount();
        }

        return ['body' => json_encode($body === [] ? new \stdClass() : $body, \JSON_THROW_ON_ERROR | \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES | \JSON_PRESERVE_ZERO_FRACTION), 'headers' => $headers];
    }

    /** @param array<string, mixed> $encodedEnvelope */
    public function decode(array $encodedEnvelope): Envelope
    {
        try {
            $answer = json_decode((string) ($encodedEnvelope['body'] ?? ''), true, 64, \JSON_THROW_ON_ERROR);
        } catch (\JsonException $malformed) {
            throw new MessageDecodingFailedException('An answer of Understudy is JSON; this is not.', 0, $malformed);
        }
        $decision = \is_array($answer) ? $answer['decision'] ?? null : null;
        if (!\is_array($decision) || !\is_string($decision['id'] ?? null)) {
            throw new MessageDecodingFailedException('This is no answer of Understudy: it has no decision.');
        }
        $headers = array_change_key_case($encodedEnvelope['headers'] ?? []);
        $string = static fn (mixed $value): ?string => \is_scalar($value) && $value !== '' ? (string) $value : null;
        $message = new DecisionMade(
            $decision,
            'source',
            $string($headers['ce_id'] ?? null) ?? $decision['id'],
            $string($answer['external_id'] ?? null),
            [],
            $string($answer['correlation_id'] ?? null),
        );
        $retries = $headers[self::RETRIES] ?? null;

        return new Envelope($message, is_numeric($retries) ? [new RedeliveryStamp((int) $retries)] : []);
    }
}
