<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Client;

use Psr\Container\ContainerInterface;
use Understudy\Client\Decision;
use Understudy\Client\Understudy;

/** The configured clients by name, for what chooses one at run time. */
final class Clients
{
    /** @param array<string, string> $links where the dashboard of each is */
    public function __construct(
        private readonly ContainerInterface $clients,
        private readonly array $links,
        private readonly ?string $default,
    ) {
    }

    /**
     * @param string|null $name null: the default one
     *
     * @throws \InvalidArgumentException when there is none of that name
     */
    public function get(?string $name = null): Understudy
    {
        $name ??= $this->default;
        if ($name === null || !$this->clients->has($name)) {
            throw new \InvalidArgumentException(sprintf('There is no Understudy client "%s"; configured: %s.', $name ?? 'default', implode(', ', $this->names()) ?: 'none'));
        }

        return $this->clients->get($name);
    }

    /** @return list<string> */
    public function names(): array
    {
        return array_map('strval', array_keys($this->links));
    }

    public function defaultName(): ?string
    {
        return $this->default;
    }

    /** Where a person can look at the decision; null for one of the fallback. */
    public function link(Decision|string $decision, ?string $name = null): ?string
    {
        $id = $decision instanceof Decision ? $decision->id : $decision;
        $base = $this->links[$name ?? $this->default ?? ''] ?? null;

        return $id === '' || $base === null || preg_match('#^https?://#i', $base) !== 1 ? null : rtrim((string) preg_replace('#^(https?://)[^/@]*@#i', '$1', $base), '/') . '/decisions/' . rawurlencode($id);
    }
}
