<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Twig;

use Psr\Log\LoggerInterface;
use Understudy\Client\Decision;
use Understudy\Client\Exception\ServerFailed;
use Understudy\Client\Fallback;
use Understudy\Client\PredictOptions;
use Understudy\SymfonyBundle\Client\Clients;

/** Made when a template decides something, not before. A template never breaks because of us. */
final class UnderstudyRuntime
{
    public function __construct(
        private readonly Clients $clients,
        private readonly ?LoggerInterface $logger = null,
    ) {
    }

    public function decide(string|\Stringable|null $text, string $task, ?string $client = null): Decision
    {
        try {
            return $this->clients->get($client)->predict($task, (string) $text, new PredictOptions(fallback: Fallback::Review));
        } catch (\Throwable $failure) {
            $this->logger?->error('A template could not decide: {message}', ['message' => $failure->getMessage(), 'exception' => $failure, 'task' => $task]);

            return Decision::fallback($task, ServerFailed::local('client_failed', $failure->getMessage(), $failure));
        }
    }

    /** The label of an automated decision, else the default: an uncertain answer is not shown as one. */
    public function label(string|\Stringable|null $text, string $task, string $default = '', ?string $client = null): string
    {
        return $this->decide($text, $task, $client)->label ?? $default;
    }

    /** Where a person can look at the decision; empty for one that could not be had. */
    public function url(Decision|string $decision, ?string $client = null): string
    {
        return $this->clients->link($decision, $client) ?? '';
    }
}
