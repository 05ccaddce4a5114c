<?php

declare(strict_types=1);

namespace Understudy\Laravel;

use Illuminate\Contracts\Config\Repository;
use Understudy\Client\Decision;
use Understudy\Client\Testing\FakeUnderstudy;
use Understudy\Client\Understudy;

/**
 * The configured connections by name, each made when it is first asked for. The facade and the container's `Understudy`
 * come from here; calls that it does not know go to the default connection.
 *
 * @mixin Understudy
 */
final class Connections
{
    /** @var array<string, Understudy> */
    private array $made = [];

    public function __construct(
        private readonly Repository $config,
        private readonly ConnectionFactory $factory,
    ) {
    }

    /**
     * @param string|null $name null: the default one
     *
     * @throws \InvalidArgumentException when there is none of that name, or its configuration cannot work
     */
    public function connection(?string $name = null): Understudy
    {
        $name ??= $this->defaultName();

        return $this->made[$name] ??= $this->factory->make($name, $this->configured($name));
    }

    /** Puts a client of yours in the place of a connection, e.g. a fake. */
    public function set(Understudy $understudy, ?string $name = null): void
    {
        $this->made[$name ?? $this->defaultName()] = $understudy;
    }

    /** Lets go of a connection; it is made anew, from the configuration as it is then. Null: of all. */
    public function forget(?string $name = null): void
    {
        if ($name === null) {
            $this->made = [];
        } else {
            unset($this->made[$name]);
        }
    }

    /**
     * For tests: no server, no key. What takes `Understudy` afterwards gets the fake; so do jobs, rules and commands.
     *
     * @param string|null $name null: one fake in the place of every configured connection
     */
    public function fake(?string $name = null): FakeUnderstudy
    {
        $names = $name === null ? $this->names() : [$name];
        $fake = new FakeUnderstudy($this->factory->fakeOptions($this->configured($name ?? $this->defaultName())));
        foreach ($names as $faked) {
            $this->made[$faked] = $fake;
        }

        return $fake;
    }

    /** @return list<string> */
    public function names(): array
    {
        return array_map('strval', array_keys($this->all()));
    }

    /** The name of the connection that is meant when none is named. */
    public function defaultName(): string
    {
        return (string) $this->config->get('understudy.default', 'default');
    }

    /** Where a person can look at the decision; null for one of the fallback. */
    public function link(Decision|string $decision, ?string $name = null): ?string
    {
        $id = $decision instanceof Decision ? $decision->id : $decision;
        $config = $this->configured($name ?? $this->defaultName());
        $base = $config['dashboard_url'] ?? $config['base_uri'] ?? null;
        if ($id === '' || !\is_string($base) || preg_match('#^https?://#i', $base) !== 1) {
            return null;
        }

        return rtrim((string) preg_replace('#^(https?://)[^/@]*@#i', '$1', $base), '/') . '/decisions/' . rawurlencode($id);
    }

    /** @param array<mixed> $arguments */
    public function __call(string $method, array $arguments): mixed
    {
        return $this->connection()->$method(...$arguments);
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['connections' => $this->names(), 'default' => $this->defaultName()];
    }

    /** @return array<string, mixed> */
    private function configured(string $name): array
    {
        $config = $this->all()[$name] ?? null;
        if (!\is_array($config)) {
            throw new \InvalidArgumentException(sprintf('There is no Understudy connection "%s"; configured: %s.', $name, implode(', ', $this->names()) ?: 'none'));
        }

        return $config;
    }

    /** @return array<string, mixed> */
    private function all(): array
    {
        $all = $this->config->get('understudy.connections', []);

        return \is_array($all) ? $all : [];
    }
}
