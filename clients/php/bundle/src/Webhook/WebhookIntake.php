<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Webhook;

use Psr\Cache\CacheItemPoolInterface;
use Psr\Log\LoggerInterface;
use Symfony\Component\HttpFoundation\HeaderBag;
use Understudy\Client\Data\Event;
use Understudy\Client\Exception\InvalidWebhook;
use Understudy\Client\Secret;
use Understudy\Client\Webhook\Verifier;
use Understudy\SymfonyBundle\Messenger\DecisionMade;
use Understudy\SymfonyBundle\Messenger\DecisionReviewed;
use Understudy\SymfonyBundle\Messenger\EventReceived;
use Understudy\SymfonyBundle\Messenger\Results;

/**
 * Verifies a delivery and tells the application, once an event: ids are remembered after the application took it, so
 * that a failure brings the delivery again.
 */
final class WebhookIntake
{
    /** @var list<Secret> dumps do not show them */
    private readonly array $secrets;

    /** @param list<string|null> $secrets `whsec_…` */
    public function __construct(
        #[\SensitiveParameter]
        array $secrets,
        private readonly int $tolerance,
        private readonly int $remember,
        private readonly Results $results,
        private readonly CacheItemPoolInterface $seen,
        private readonly ?LoggerInterface $logger = null,
    ) {
        $this->secrets = array_map(static fn (mixed $secret): Secret => new Secret((string) $secret), array_values($secrets));
    }

    public function take(string $body, HeaderBag $headers): Taken
    {
        try {
            $event = (new Verifier(array_map(static fn (Secret $secret): string => $secret->reveal(), $this->secrets), $this->tolerance))->verify($body, $headers->all())->event;
        } catch (InvalidWebhook $invalid) {
            $this->logger?->warning('A webhook was refused: {reason}', ['reason' => $invalid->reason, 'webhook_id' => substr((string) $headers->get('webhook-id'), 0, 100)]);

            return Taken::Refused;
        } catch (\InvalidArgumentException $misconfigured) {
            $this->logger?->critical('Webhooks cannot be verified: {message}', ['message' => $misconfigured->getMessage()]);

            return Taken::Later;
        }
        $item = $this->seen->getItem('understudy.event.' . hash('sha256', $event->id));
        if ($item->isHit()) {
            return Taken::Known;
        }
        try {
            $this->results->tell(self::message($event));
        } catch (\Throwable $failure) {
            $this->logger?->error('{type} {id} could not be handed to the application: {message}', ['type' => $event->type, 'id' => $event->id, 'message' => $failure->getMessage(), 'exception' => $failure]);

            return Taken::Later;
        }
        if (!$this->seen->save($item->set(true)->expiresAfter($this->remember))) {
            $this->logger?->warning('The id of {id} could not be remembered: it may be told again.', ['id' => $event->id]);
        }

        return Taken::Told;
    }

    private static function message(Event $event): object
    {
        $data = $event->data;

        return match ($event->type) {
            'decision.made' => new DecisionMade($data, 'webhook', $event->id, \is_string($data['external_id'] ?? null) ? $data['external_id'] : null),
            'decision.reviewed', 'label.recorded' => new DecisionReviewed(
                \is_array($data['label'] ?? null) ? $data['label'] : [],
                \is_array($data['decision'] ?? null) ? $data['decision'] : [],
                $event->id,
                $event->type,
            ),
            default => new EventReceived($event->id, $event->type, $event->subject, $event->time->format(\DATE_RFC3339_EXTENDED), $data),
        };
    }
}
