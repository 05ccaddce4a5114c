<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Validator;

use Symfony\Component\Validator\Constraint;

/**
 * A text is valid when Understudy's decision allows it.
 *
 *     #[Moderated(task: 'comment-moderation', allow: ['ok'])]
 *     public string $body;
 *
 * A decision that a person has to make is valid unless `onReview` is `reject`; so is one that could not be had, unless
 * `onUnavailable` is: an outage of ours does not stop the forms of the application.
 *
 * @Annotation
 * @NamedArgumentConstructor
 * @Target({"PROPERTY", "METHOD", "ANNOTATION"})
 */
#[\Attribute(\Attribute::TARGET_PROPERTY | \Attribute::TARGET_METHOD | \Attribute::IS_REPEATABLE)]
final class Moderated extends Constraint
{
    public const REFUSED = '6b3cf2b4-02b5-4d0c-9cc1-0a5a51d1ff0e';
    public const UNDECIDED = '9c8d0a3e-5f0e-4a52-8f2f-63d4d2a7f6a1';

    protected const ERROR_NAMES = [self::REFUSED => 'REFUSED', self::UNDECIDED => 'UNDECIDED'];

    /**
     * @param string        $task          slug
     * @param list<string>  $allow         labels that make the text valid
     * @param list<string>  $refuse        instead of `allow`: labels that make it invalid
     * @param string        $onReview      `accept` or `reject`: what a person has to decide
     * @param string        $onUnavailable `accept` or `reject`: what nobody could decide now
     * @param string|null   $client        name of the client; null: the default one
     * @param string        $message       of a refused text; `{{ label }}` is its label
     * @param string        $reviewMessage of one that is rejected because it is not decided
     * @param string[]|null $groups
     */
    public function __construct(
        public string $task,
        public array $allow = [],
        public array $refuse = [],
        public string $onReview = 'accept',
        public string $onUnavailable = 'accept',
        public ?string $client = null,
        public string $message = 'This text is not allowed here.',
        public string $reviewMessage = 'This text has to be looked at by a person first.',
        ?array $groups = null,
        mixed $payload = null,
    ) {
        if (($allow === []) === ($refuse === [])) {
            throw new \InvalidArgumentException('#[Moderated] needs either "allow" or "refuse".');
        }
        foreach ([$onReview, $onUnavailable] as $choice) {
            if (!\in_array($choice, ['accept', 'reject'], true)) {
                throw new \InvalidArgumentException('"onReview" and "onUnavailable" of #[Moderated] are "accept" or "reject".');
            }
        }
        parent::__construct(null, $groups, $payload);
    }

    /** @return string[] */
    public function getTargets(): array
    {
        return [self::PROPERTY_CONSTRAINT];
    }
}
