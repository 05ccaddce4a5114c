<?php

declare(strict_types=1);

namespace App\Moderation;

use App\Database\Comments;
use App\Entity\User;
use App\Transport\Delivery;
use Understudy\Client\CallOptions;
use Understudy\Client\Data\ReviewClaim;
use Understudy\Client\Exception\Conflict;
use Understudy\Client\Exception\NotFound;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Understudy;

/**
 * One comment after the other out of Understudy's own queue: those that it is not sure of, and among them, not to be told
 * apart, a share of those that it decided by itself. What is said here counts as evidence, because everything in that
 * queue was drawn with a known probability. (A verdict on the list page teaches, but proves nothing.)
 */
final class Desk
{
    public function __construct(
        private readonly Understudy $understudy,
        private readonly Comments $comments,
        private readonly Moderation $moderation,
    ) {
    }

    /**
     * @return list<ReviewClaim> leased to us for some minutes
     *
     * @throws UnderstudyException
     */
    public function take(int $limit = 1): array
    {
        return $this->understudy->review()->claim(['task' => Delivery::MODERATION, 'limit' => $limit], new CallOptions(totalTimeout: 3.0))->claims;
    }

    /** @throws UnderstudyException */
    public function waiting(): int
    {
        return $this->understudy->review()->queues(Delivery::MODERATION)->total->depth;
    }

    public static function text(ReviewClaim $claim): string
    {
        $text = \is_array($claim->decision->input) ? $claim->decision->input['text'] ?? '' : '';

        return \is_string($text) ? $text : '';
    }

    /**
     * @return bool false when somebody else was faster
     *
     * @throws UnderstudyException
     */
    public function answer(string $item, string $token, string $label, User $moderator, ?float $seconds = null): bool
    {
        try {
            $verdict = $this->understudy->review()->verdict($item, ['claim_token' => $token, 'label' => $label] + ($seconds === null ? [] : ['seconds' => $seconds]));
        } catch (Conflict | NotFound) {
            return false;
        }
        // It may be quicker than the answer to our own worker.
        $comment = $this->comments->ofDecision($verdict->decision)
            ?? $this->comments->find((int) $this->understudy->decisions()->get($verdict->decision)->externalId);
        if ($comment !== null) {
            $this->moderation->decide($comment, $verdict->label, $moderator, told: true);
        }

        return true;
    }

    /** @throws UnderstudyException */
    public function leave(string $item, string $token): void
    {
        try {
            $this->understudy->review()->skip($item, ['claim_token' => $token]);
        } catch (Conflict | NotFound) {
            // It is not ours any more.
        }
    }
}
