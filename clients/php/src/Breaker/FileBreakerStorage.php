<?php

declare(strict_types=1);

namespace Understudy\Client\Breaker;

/** Shared by all processes of a host that can write the folder, where APCu is not to be had. */
final class FileBreakerStorage implements BreakerStorage
{
    /** @param string $folder exists and is written by nobody else */
    public function __construct(private readonly string $folder)
    {
        if (!is_dir($folder) || !is_writable($folder)) {
            throw new \InvalidArgumentException('the folder of the breaker cannot be written: ' . $folder);
        }
    }

    public function load(string $key): ?BreakerState
    {
        $text = @file_get_contents($this->file($key));
        if ($text === false || sscanf($text, '%d %f', $failures, $openUntil) !== 2) {
            return null;
        }

        return new BreakerState((int) $failures, (float) $openUntil);
    }

    public function save(string $key, BreakerState $state): void
    {
        // A folder that went away must not break the call: the breaker then learns nothing.
        @file_put_contents($this->file($key), sprintf('%d %.6F', $state->failures, $state->openUntil), LOCK_EX);
    }

    private function file(string $key): string
    {
        return $this->folder . '/understudy-breaker-' . hash('sha256', $key);
    }
}
