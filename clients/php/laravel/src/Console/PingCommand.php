<?php

declare(strict_types=1);

namespace Understudy\Laravel\Console;

use Understudy\Client\Understudy;
use Understudy\Laravel\Connections;

final class PingCommand extends ClientCommand
{
    protected $signature = 'understudy:ping
        {--connection= : Name of the connection; default: the default one}';

    protected $description = 'Says whether Understudy answers, is ready, and knows the key';

    protected function callUnderstudy(Understudy $understudy, Connections $connections): int
    {
        $started = microtime(true);
        $version = $understudy->health()->version();
        $ms = (microtime(true) - $started) * 1000;
        $ready = $understudy->health()->ready();
        $me = $understudy->me();
        $this->facts([
            'Server' => sprintf('%s %s, answered in %.0f ms', $version->name, $version->version, $ms),
            'Ready' => $ready->ready ? 'yes' : 'no: ' . implode(', ', $ready->details->notReady),
            'Workspace' => sprintf('%s (%s)', $me->workspace->name, $me->workspace->id),
            'Key' => sprintf('%s (%s)', $me->principal->name, $me->principal->id),
            'Scopes' => implode(' ', $me->scopes),
        ]);

        return $ready->ready ? self::SUCCESS : self::FAILURE;
    }
}
