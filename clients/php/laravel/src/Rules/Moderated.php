<?php

declare(strict_types=1);

namespace Understudy\Laravel\Rules;

use Illuminate\Contracts\Validation\Rule;
use Psr\Log\LoggerInterface;
use Understudy\Client\Decision;
use Understudy\Client\Fallback;
use Understudy\Client\PredictOptions;
use Understudy\Laravel\Connections;

/**
 * A text is valid when Understudy's decision allows it.
 *
 *     'body' => ['required', 'string', new Moderated('comment-moderation', allow: ['ok'])],
 *
 * A decision that a person has to make is valid unless `onReview` is `reject`; so is one that could not be had, unless
 * `onUnavailable` is: an outage of ours does not stop the forms of the application. An empty text is not decided.
 */
final class Moderated implements Rule
{
    /** Of the last text; null before, when it was empty, or when not even the fallback could be had. */
    private ?Decision $decision = null;

    private string $failure = 'understudy::validation.refused';

    /**
     * @param string       $task          slug
     * @param list<string> $allow         labels that make the text valid
     * @param list<string> $refuse        instead of `allow`: labels that make it invalid
     * @param string       $onReview      `accept` or `reject`: what a person has to decide
     * @param string       $onUnavailable `accept` or `reject`: what nobody could decide now
     * @param string|null  $connection    null: the default one
     * @param string|null  $message       of a refused text, or its translation key; `:attribute` and `:label` are put in
     * @param string|null  $reviewMessage of one that is rejected because it is not decided
     *
     * @throws \InvalidArgumentException when it is neither `allow` nor `refuse`, or both
     */
    public function __construct(
        private readonly string $task,
        private readonly array $allow = [],
        private readonly array $refuse = [],
        private readonly string $onReview = 'accept',
        private readonly string $onUnavailable = 'accept',
        private readonly ?string $connection = null,
        private readonly ?string $message = null,
        private readonly ?string $reviewMessage = null,
    ) {
        if (($allow === []) === ($refuse === [])) {
            throw new \InvalidArgumentException('Moderated needs either "allow" or "refuse".');
        }
        foreach ([$onReview, $onUnavailable] as $choice) {
            if (!\in_array($choice, ['accept', 'reject'], true)) {
                throw new \InvalidArgumentException('"onReview" and "onUnavailable" of Moderated are "accept" or "reject".');
            }
        }
    }

    /**
     * Called by the validator.
     *
     * @param string $attribute
     * @param mixed  $value
     */
    public function passes($attribute, $value): bool
    {
        $this->decision = null;
        if ($value === null || $value === '') {
            return true;
        }
        if (!\is_scalar($value) && !$value instanceof \Stringable) {
            $this->failure = 'understudy::validation.text';

            return false;
        }
        $decision = $this->decision = $this->decide((string) $value);
        if ($decision !== null && $decision->isAutomated()) {
            $this->failure = $this->message ?? 'understudy::validation.refused';

            return $this->allow === [] ? !\in_array($decision->label, $this->refuse, true) : \in_array($decision->label, $this->allow, true);
        }
        $this->failure = $this->reviewMessage ?? 'understudy::validation.undecided';

        return ($decision === null || $decision->isFallback() ? $this->onUnavailable : $this->onReview) === 'accept';
    }

    /** Called by the validator. */
    public function message(): string
    {
        $message = trans($this->failure, ['label' => $this->decision?->label ?? '']);

        return \is_string($message) ? $message : $this->failure;
    }

    /** What was decided about the text, to keep it with what is stored. */
    public function decision(): ?Decision
    {
        return $this->decision;
    }

    /** Null when not even the fallback could be had, for example because the base_uri is none. */
    private function decide(string $text): ?Decision
    {
        try {
            return app(Connections::class)->connection($this->connection)->predict($this->task, $text, new PredictOptions(fallback: Fallback::Review));
        } catch (\Throwable $failure) {
            app(LoggerInterface::class)->error('A text could not be moderated: {message}', ['message' => $failure->getMessage(), 'exception' => $failure, 'task' => $this->task]);

            return null;
        }
    }
}
