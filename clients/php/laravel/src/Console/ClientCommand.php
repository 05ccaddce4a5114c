<?php

declare(strict_types=1);

namespace Understudy\Laravel\Console;

use Illuminate\Console\Command;
use Understudy\Client\Data\ImportResponse;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Understudy;
use Understudy\Laravel\Connections;

/** A command that calls Understudy: chooses the connection, and tells failures with code and request id, without a trace. */
abstract class ClientCommand extends Command
{
    /** Called by Artisan. */
    public function handle(Connections $connections): int
    {
        try {
            return $this->callUnderstudy($connections->connection($this->option('connection')), $connections);
        } catch (UnderstudyException $failure) {
            $this->error(sprintf('%s: %s', $failure->errorCode(), $failure->problem->detail));
            foreach ($failure->problem->errors as $error) {
                $this->line(sprintf('  %s %s: %s', $error['pointer'], $error['code'], $error['detail']));
            }
            if ($failure->requestId() !== null) {
                $this->line('  request ' . $failure->requestId());
            }
        } catch (\InvalidArgumentException | \PDOException $wrong) {
            $this->error($wrong->getMessage());
        }

        return self::FAILURE;
    }

    /** @throws UnderstudyException|\InvalidArgumentException|\PDOException are told without a trace */
    abstract protected function callUnderstudy(Understudy $understudy, Connections $connections): int;

    /** @param array<string, string> $facts */
    final protected function facts(array $facts): void
    {
        $width = max(array_map('strlen', array_keys($facts)));
        foreach ($facts as $name => $value) {
            $this->getOutput()->writeln(sprintf('  <info>%s</info>  %s', str_pad($name, $width), \Symfony\Component\Console\Formatter\OutputFormatter::escape($value)));
        }
    }

    /** @return int exit code: a failure when rows were rejected */
    final protected function imported(ImportResponse $answer): int
    {
        $this->facts([
            'Accepted' => (string) $answer->accepted,
            'Duplicates' => (string) $answer->duplicates,
            'Conflicts' => (string) $answer->conflicts,
            'Rejected' => (string) $answer->rejected,
            'New labels' => implode(', ', $answer->newLabels),
        ]);
        foreach ($answer->problems as $problem) {
            $this->line(sprintf('line %d %s %s: %s', $problem->line, $problem->pointer, $problem->code, $problem->detail));
        }

        return $answer->rejected === 0 ? self::SUCCESS : self::FAILURE;
    }
}
