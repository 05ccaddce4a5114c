<?php

declare(strict_types=1);

namespace App\History;

use App\Database\Comments;
use App\Database\Threads;
use App\Entity\State;
use App\Entity\User;
use App\Security\Users;
use App\Transport\Delivery;
use Doctrine\DBAL\Connection;
use Symfony\Component\DependencyInjection\Attribute\Autowire;
use Symfony\Component\PasswordHasher\Hasher\PasswordHasherFactoryInterface;

/** What the forum has behind it: members, threads, and comments that moderators decided one by one. */
final class History
{
    private const WEEKS = 8;

    public function __construct(
        private readonly Connection $connection,
        private readonly Users $users,
        private readonly Threads $threads,
        private readonly Comments $comments,
        private readonly ExampleTasks $examples,
        private readonly PasswordHasherFactoryInterface $hashers,
        #[Autowire('%kernel.project_dir%/history/threads.json')] private readonly string $file,
    ) {
    }

    /** @return array{threads: int, comments: int} */
    public function write(#[\SensitiveParameter] string $password): array
    {
        return $this->connection->transactional(function () use ($password): array {
            $hash = $this->hashers->getPasswordHasher(User::class)->hash($password);
            $moderator = $this->users->add('ada', $hash, true);
            $this->users->add('mara', $hash);
            $this->users->add('jon', $hash);
            $comments = 0;
            $now = time();
            $threads = json_decode((string) file_get_contents($this->file), true, 64, \JSON_THROW_ON_ERROR);
            foreach ($threads as $thread) {
                $at = $now - $thread['days'] * 86400;
                $id = $this->threads->add($thread['title'], $thread['body'], $this->users->idOf($thread['author']), self::time($at));
                foreach ($thread['comments'] as $position => [$author, $body]) {
                    $this->decided($id, $author, $body, 'ok', $moderator, $at + 3600 * 5 * ($position + 1));
                    ++$comments;
                }
            }
            $rows = $this->examples->labelled(Delivery::MODERATION);
            $aWeek = (int) ceil(\count($rows) / self::WEEKS);
            foreach (array_chunk($rows, $aWeek) as $week => $chunk) {
                $at = $now - (self::WEEKS - $week) * 7 * 86400;
                $id = $this->threads->add(sprintf('Open thread, week of %s', date('j F', $at)), 'For everything that has no thread of its own. Be kind; the moderators read along.', $moderator, self::time($at));
                foreach ($chunk as $position => $row) {
                    $this->decided($id, Names::of('history-' . ($position * 7 + $week * 13) % 240), $row['text'], $row['label'], $moderator, $at + (int) (6.5 * 86400 * ($position + 1) / $aWeek));
                    ++$comments;
                }
            }

            return ['threads' => \count($threads) + self::WEEKS, 'comments' => $comments];
        });
    }

    private function decided(int $thread, string $author, string $body, string $label, int $moderator, int $at): void
    {
        $id = $this->comments->add($thread, $this->users->idOf($author), $body, self::time($at));
        $this->comments->change($id, [
            'state' => State::of($label)->value, 'label' => $label, 'decided_by' => 'person', 'moderator_id' => $moderator, 'decided_at' => self::time($at + 1800),
        ]);
    }

    private static function time(int $seconds): \DateTimeImmutable
    {
        return new \DateTimeImmutable('@' . $seconds);
    }
}
