<?php

/**
 * A process of an application that calls a server which is away. Prints JSON: the code of each call's failure, and how
 * many requests it made for it.
 * usage: failing-process.php file|psr6|psr16 folder url calls      or: failing-process.php apcu - url calls
 */

declare(strict_types=1);

use Symfony\Component\Cache\Adapter\FilesystemAdapter;
use Understudy\Client\Breaker\ApcuBreakerStorage;
use Understudy\Client\Breaker\CacheBreakerStorage;
use Understudy\Client\Breaker\FileBreakerStorage;
use Understudy\Client\CallRecord;
use Understudy\Client\ClientOptions;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Observer;
use Understudy\Client\Tests\Breaker\SimpleCache;
use Understudy\Client\UnderstudyClient;

require __DIR__ . '/../bootstrap.php';
[, $kind, $folder, $url, $calls] = $argv;

$call = static function () use ($kind, $folder, $url, $calls): array {
    $observer = new class () implements Observer {
        /** @var list<array{string|null, int}> */
        public array $calls = [];

        public function observed(CallRecord $call): void
        {
            $this->calls[] = [$call->error?->errorCode(), $call->attempts];
        }
    };
    $understudy = UnderstudyClient::create($url, 'us_key', new ClientOptions(
        timeout: 5.0,
        maxRetries: 0,
        breakerThreshold: 3,
        breakerCooldown: 600.0,
        breakerStorage: match ($kind) {
            'file' => new FileBreakerStorage($folder),
            'psr6' => new CacheBreakerStorage(new FilesystemAdapter('breaker', 0, $folder)),
            'psr16' => new CacheBreakerStorage(new SimpleCache(new FilesystemAdapter('breaker', 0, $folder))),
            'apcu' => new ApcuBreakerStorage(),
        },
        observer: $observer,
    ));
    for ($i = 0; $i < (int) $calls; $i++) {
        try {
            $understudy->me();
        } catch (UnderstudyException) {
            continue;
        }
    }

    return $observer->calls;
};

if ($kind !== 'apcu') {
    echo json_encode($call(), JSON_THROW_ON_ERROR);
    exit;
}
// Its memory is shared by the processes of one pool: a child fails, then its parent calls.
$child = pcntl_fork();
if ($child === 0) {
    $call();
    exit(0);
}
pcntl_waitpid($child, $status);
echo json_encode($call(), JSON_THROW_ON_ERROR);
