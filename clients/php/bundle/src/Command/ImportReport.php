<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Command;

use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Style\SymfonyStyle;
use Understudy\Client\Data\ImportResponse;

/** What became of imported rows. */
final class ImportReport
{
    /** @return int exit code: a failure when rows were rejected */
    public static function print(SymfonyStyle $io, ImportResponse $answer): int
    {
        $io->definitionList(
            ['Accepted' => (string) $answer->accepted],
            ['Duplicates' => (string) $answer->duplicates],
            ['Conflicts' => (string) $answer->conflicts],
            ['Rejected' => (string) $answer->rejected],
            ['New labels' => implode(', ', $answer->newLabels)],
        );
        foreach ($answer->problems as $problem) {
            $io->writeln(sprintf('line %d %s %s: %s', $problem->line, $problem->pointer, $problem->code, $problem->detail));
        }

        return $answer->rejected === 0 ? Command::SUCCESS : Command::FAILURE;
    }
}
