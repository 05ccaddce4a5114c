<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Validator;

use Psr\Log\LoggerInterface;
use Symfony\Component\Validator\Constraint;
use Symfony\Component\Validator\ConstraintValidator;
use Symfony\Component\Validator\Exception\UnexpectedTypeException;
use Symfony\Component\Validator\Exception\UnexpectedValueException;
use Understudy\Client\Decision;
use Understudy\Client\Fallback;
use Understudy\Client\PredictOptions;
use Understudy\SymfonyBundle\Client\Clients;

final class ModeratedValidator extends ConstraintValidator
{
    public function __construct(
        private readonly Clients $clients,
        private readonly ?LoggerInterface $logger = null,
    ) {
    }

    public function validate(mixed $value, Constraint $constraint): void
    {
        if (!$constraint instanceof Moderated) {
            throw new UnexpectedTypeException($constraint, Moderated::class);
        }
        if ($value === null || $value === '') {
            return;
        }
        if (!\is_scalar($value) && !$value instanceof \Stringable) {
            throw new UnexpectedValueException($value, 'string');
        }
        $decision = $this->decide($constraint, (string) $value);
        $undecided = $decision === null || $decision->isFallback() ? $constraint->onUnavailable : $constraint->onReview;
        if ($decision !== null && $decision->isAutomated()) {
            $allowed = $constraint->allow === [] ? !\in_array($decision->label, $constraint->refuse, true) : \in_array($decision->label, $constraint->allow, true);
            if (!$allowed) {
                $this->violation($constraint->message, Moderated::REFUSED, $decision);
            }
        } elseif ($undecided === 'reject') {
            $this->violation($constraint->reviewMessage, Moderated::UNDECIDED, $decision);
        }
    }

    /** Null when not even the fallback could be had, for example because the base_uri is none. */
    private function decide(Moderated $constraint, string $text): ?Decision
    {
        try {
            return $this->clients->get($constraint->client)->predict($constraint->task, $text, new PredictOptions(fallback: Fallback::Review));
        } catch (\Throwable $failure) {
            $this->logger?->error('A text could not be moderated: {message}', ['message' => $failure->getMessage(), 'exception' => $failure, 'task' => $constraint->task]);

            return null;
        }
    }

    private function violation(string $message, string $code, ?Decision $decision): void
    {
        $this->context->buildViolation($message)
            ->setParameter('{{ label }}', $decision?->label ?? '')
            ->setParameter('{{ decision }}', $decision?->id ?? '')
            ->setCode($code)
            ->addViolation();
    }
}
