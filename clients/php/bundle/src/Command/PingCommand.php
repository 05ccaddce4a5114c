<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Command;

use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Style\SymfonyStyle;
use Understudy\Client\Understudy;

#[AsCommand('understudy:ping', 'Says whether Understudy answers, is ready, and knows the key')]
final class PingCommand extends ClientCommand
{
    protected function call(Understudy $understudy, InputInterface $input, SymfonyStyle $io): int
    {
        $started = microtime(true);
        $version = $understudy->health()->version();
        $ms = (microtime(true) - $started) * 1000;
        $ready = $understudy->health()->ready();
        $me = $understudy->me();
        $io->definitionList(
            ['Server' => sprintf('%s %s, answered in %.0f ms', $version->name, $version->version, $ms)],
            ['Ready' => $ready->ready ? 'yes' : 'no: ' . implode(', ', $ready->details->notReady)],
            ['Workspace' => sprintf('%s (%s)', $me->workspace->name, $me->workspace->id)],
            ['Key' => sprintf('%s (%s)', $me->principal->name, $me->principal->id)],
            ['Scopes' => wordwrap(implode(' ', $me->scopes), 80)],
        );

        return $ready->ready ? self::SUCCESS : self::FAILURE;
    }
}
