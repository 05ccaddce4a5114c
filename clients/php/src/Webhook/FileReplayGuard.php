<?php

declare(strict_types=1);

namespace Understudy\Client\Webhook;

/** For all processes that share a folder: one empty file a delivery, made by whoever is first. */
final class FileReplayGuard implements ReplayGuard
{
    private const PREFIX = 'understudy-delivery-';

    /** @param string $folder exists and is written by nobody else */
    public function __construct(private readonly string $folder)
    {
        if (!is_dir($folder) || !is_writable($folder)) {
            throw new \InvalidArgumentException('the folder of the replay guard cannot be written: ' . $folder);
        }
    }

    /**
     * Whether this delivery comes for the first time, for all processes that share the folder.
     *
     * @throws \RuntimeException when it cannot be known: better refused than taken twice
     */
    public function isFirst(string $delivery, int $until): bool
    {
        if (random_int(1, 100) === 1) {
            // Never what is still accepted by the clock of the one who asks, which may not be ours.
            $this->forget(min(time(), $until));
        }
        $file = $this->folder . '/' . self::PREFIX . hash('sha256', $delivery);
        $handle = @fopen($file, 'x');
        if ($handle === false) {
            if (is_file($file)) {
                return false;
            }
            throw new \RuntimeException('the replay guard cannot write to ' . $this->folder);
        }
        fclose($handle);
        touch($file, $until);

        return true;
    }

    /** Removes what is too old to be accepted anyway. */
    public function forget(int $now): void
    {
        foreach (glob($this->folder . '/' . self::PREFIX . '*') ?: [] as $file) {
            $until = @filemtime($file);
            if ($until !== false && $until < $now - 1) {
                @unlink($file);
            }
        }
    }
}
