<?php

declare(strict_types=1);

namespace Understudy\Laravel\Jobs;

use Illuminate\Contracts\Events\Dispatcher;
use Understudy\Client\CallOptions;
use Understudy\Client\Decision;
use Understudy\Client\Exception\InvalidRequest;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Fallback;
use Understudy\Client\PredictOptions;
use Understudy\Laravel\Connections;

/**
 * Decides one item outside of the request. DecisionMade tells the result.
 *
 *     dispatch(new DecideJob('comment-moderation', $comment->body, externalId: (string) $comment->id));
 */
class DecideJob extends Decides
{
    /**
     * @param string                                         $task       slug
     * @param string|array<string, mixed>                    $input      text or the input object; it lies in your queue
     * @param string|null                                    $externalId your id of the item
     * @param string|null                                    $subject    whom or what the item is about
     * @param array<string, string|int|float|bool|null>|null $attributes facts about the item that are not input
     * @param array<string, string|int|float|bool|null>      $context    given back with the result, never sent
     * @param string|null                                    $client     name of the connection to Understudy; null: the default
     * @param string|null                                    $id         default: a random one
     */
    public function __construct(
        public string $task,
        public string|array $input,
        public ?string $externalId = null,
        public ?string $subject = null,
        public ?array $attributes = null,
        public array $context = [],
        public ?string $client = null,
        ?string $id = null,
    ) {
        $this->input = self::clean($input);
        $this->id = $id ?? self::newId();
    }

    protected function decide(Connections $connections, Dispatcher $events, bool $isQueued): ?UnderstudyException
    {
        try {
            $decision = $connections->connection($this->client)->predict($this->task, $this->input, new PredictOptions(
                subject: $this->subject,
                externalId: $this->externalId,
                attributes: $this->attributes,
                fallback: $isQueued ? Fallback::Throw : Fallback::Review,
                call: new CallOptions(idempotencyKey: 'laravel-' . $this->id),
            ));
        } catch (InvalidRequest $refused) {
            $this->fail($refused); // As it is, it can never be decided.

            return null;
        } catch (UnderstudyException $unanswered) {
            return $unanswered;
        }
        self::tell($events, $decision, $this->id, $this->externalId, $this->context);

        return null;
    }

    protected function fallBack(Dispatcher $events, UnderstudyException $cause): void
    {
        self::tell($events, Decision::fallback($this->task, $cause, $this->externalId), $this->id, $this->externalId, $this->context);
    }

    /** @return list<string> for Horizon and its like */
    public function tags(): array
    {
        return ['understudy', 'understudy:' . $this->task];
    }
}
