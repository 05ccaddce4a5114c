<?php

declare(strict_types=1);

namespace Understudy\Laravel\Http;

use Illuminate\Contracts\Cache\Factory as Caches;
use Illuminate\Contracts\Cache\Repository as Cache;
use Illuminate\Contracts\Config\Repository;
use Illuminate\Contracts\Container\Container;
use Illuminate\Contracts\Events\Dispatcher;
use Psr\Log\LoggerInterface;
use Understudy\Client\Data\Event;
use Understudy\Laravel\Events\DecisionMade;
use Understudy\Laravel\Events\DecisionReviewed;
use Understudy\Laravel\Events\EventReceived;

/**
 * Tells the application of a verified event, once: its id is remembered after the application took it, so that a failure
 * brings the delivery again, and kept to itself meanwhile, so that two deliveries at the same moment are told once.
 */
final class WebhookIntake
{
    /** Seconds that listeners may take before another delivery of the same event is let through. */
    private const AT_WORK = 120;

    public function __construct(
        private readonly Cache $seen,
        private readonly int $remember,
        private readonly Dispatcher $events,
        private readonly ?LoggerInterface $logger = null,
    ) {
    }

    /** @internal of the service provider */
    public static function configured(Container $app): self
    {
        $options = self::options($app);

        return new self(
            $app->make(Caches::class)->store($options['store']),
            (int) $options['remember'],
            $app->make(Dispatcher::class),
            $app->make(LoggerInterface::class),
        );
    }

    /**
     * `understudy.webhook` with its defaults.
     *
     * @internal
     *
     * @return array{path: string|null, secrets: list<string>, tolerance: int, store: string|null, remember: int, middleware: list<string>}
     */
    public static function options(Container $app): array
    {
        $defaults = ['path' => null, 'secrets' => [], 'tolerance' => 300, 'store' => null, 'remember' => 345600, 'middleware' => []];
        $given = $app->make(Repository::class)->get('understudy.webhook') ?? [];
        $unknown = array_diff_key($given, $defaults);
        if ($unknown !== []) {
            throw new \InvalidArgumentException(sprintf('understudy.webhook has no option %s; there are %s.', implode(', ', array_keys($unknown)), implode(', ', array_keys($defaults))));
        }

        return $given + $defaults;
    }

    public function take(Event $event): Taken
    {
        $key = 'understudy.event.' . hash('sha256', $event->id);
        if (!$this->seen->add($key, 'at work', self::AT_WORK)) {
            return $this->seen->get($key) === 'told' ? Taken::Known : Taken::Later;
        }
        try {
            $this->events->dispatch(self::told($event));
        } catch (\Throwable $failure) {
            $this->seen->forget($key);
            $this->logger?->error('{type} {id} could not be handed to the application: {message}', ['type' => $event->type, 'id' => $event->id, 'message' => $failure->getMessage(), 'exception' => $failure]);

            return Taken::Later;
        }
        if (!$this->seen->put($key, 'told', $this->remember)) {
            $this->logger?->warning('The id of {id} could not be remembered: it may be told again.', ['id' => $event->id]);
        }

        return Taken::Told;
    }

    private static function told(Event $event): object
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
