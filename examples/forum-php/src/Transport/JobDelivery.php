<?php

declare(strict_types=1);

namespace App\Transport;

use App\Entity\Comment;
use Understudy\Client\CallOptions;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Understudy;

/** Over HTTP, without a worker: Understudy takes a job at once and tells the answer by a webhook. */
final class JobDelivery implements Delivery
{
    public function __construct(private readonly Understudy $understudy)
    {
    }

    public function send(Comment $comment): void
    {
        $failure = null;
        foreach ([self::MODERATION, self::SENTIMENT] as $task) {
            try {
                $this->understudy->jobs()->create([
                    'task' => $task,
                    'input' => ['text' => $comment->body],
                    'external_id' => (string) $comment->id,
                    'subject' => 'member-' . $comment->authorId,
                    // A visitor waits for this request: it is short, the rest is up to forum:catch-up.
                ], new CallOptions(timeout: 1.0, totalTimeout: 2.0, idempotencyKey: sprintf('comment-%d-%s', $comment->id, $task)));
            } catch (UnderstudyException $away) {
                $failure ??= $away; // the other task may work
            }
        }
        if ($failure !== null) {
            throw $failure;
        }
    }
}
